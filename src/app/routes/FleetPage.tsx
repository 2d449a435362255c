import { Plus } from "lucide-react";
import { useState } from "react";
import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { AddMachineDialog } from "@/features/enrolment/AddMachineDialog.tsx";
import { Fleet } from "@/features/fleet/Fleet.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";

/** All machines, and the way to add one. */
export function Component() {
  const [isAdding, setIsAdding] = useState(false);
  useDocumentTitle("Fleet");
  return (
    <>
      <PageHeader
        title="Fleet"
        action={
          <Button variant="primary" icon={<Plus />} onClick={() => setIsAdding(true)}>
            Add machine
          </Button>
        }
      />
      <Retryable>{(retry) => <Fleet onAdd={() => setIsAdding(true)} onRetry={retry} />}</Retryable>
      <AddMachineDialog isOpen={isAdding} onClose={() => setIsAdding(false)} />
    </>
  );
}
