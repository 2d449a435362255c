import { useConvex } from "convex/react";
import { Download } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { download } from "@/lib/download.ts";
import { messageOf } from "@/lib/errors.ts";
import { type AuditFilter, argumentsOf } from "./auditFilter.ts";

const PAGE_SIZE = 500;

/** All that the filter lets through as one CSV file, fetched page by page. */
export function ExportButton({ filter }: { filter: AuditFilter }) {
  const { audit: texts } = useTexts();
  const convex = useConvex();
  const [isExporting, setIsExporting] = useState(false);

  const fetchAll = async () => {
    const parts: string[] = [];
    let cursor: string | null = null;
    for (;;) {
      const paginationOpts: { numItems: number; cursor: string | null } = {
        numItems: PAGE_SIZE,
        cursor,
      };
      const page = await convex.query(api.audit.exportCsv, {
        ...argumentsOf(filter),
        paginationOpts,
      });
      parts.push(page.csv);
      if (page.isDone) return parts;
      cursor = page.continueCursor;
    }
  };
  const exportAll = async () => {
    setIsExporting(true);
    try {
      const day = new Date().toISOString().slice(0, 10);
      download(`rollcall-audit-${day}.csv`, (await fetchAll()).join(""), "text/csv");
      toast.success(texts.exported);
    } catch (error) {
      toast.error(texts.exportFailed, { description: messageOf(error) });
    }
    setIsExporting(false);
  };

  return (
    <Button icon={<Download />} isPending={isExporting} onClick={() => void exportAll()}>
      {isExporting ? texts.exporting : texts.export}
    </Button>
  );
}
