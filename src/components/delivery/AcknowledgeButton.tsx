import { Check } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { useAcknowledge } from "@/hooks/useAcknowledge.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** Takes what is open about a machine, from beside whatever tells of it. */
export function AcknowledgeButton({ machine }: { machine: { machineId: string; name: string } }) {
  const { incidents: texts } = useTexts();
  const acknowledge = useAcknowledge();
  const [isPending, setIsPending] = useState(false);
  const onClick = async () => {
    setIsPending(true);
    await acknowledge(machine);
    setIsPending(false);
  };
  return (
    <Button variant="primary" icon={<Check />} isPending={isPending} onClick={() => void onClick()}>
      {texts.acknowledge}
    </Button>
  );
}
