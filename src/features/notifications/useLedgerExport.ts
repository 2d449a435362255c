import { useConvex } from "convex/react";
import { useState } from "react";
import { toast } from "sonner";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { download } from "@/lib/download.ts";
import { messageOf } from "@/lib/errors.ts";

const PAGE_SIZE = 1_000;

export interface LedgerExport {
  exportAll: () => Promise<void>;
  /** How many entries have come while it goes on; null while it does not. */
  rows: number | null;
}

/** The hash chain as a file of JSON lines, as scripts/verifyDeliveries.ts reads it. */
export function useLedgerExport(): LedgerExport {
  const { notifications } = useTexts();
  const texts = notifications.log;
  const convex = useConvex();
  const [rows, setRows] = useState<number | null>(null);
  const exportAll = async () => {
    const lines: string[] = [];
    setRows(0);
    try {
      let cursor: string | null = null;
      for (let isDone = false; !isDone;) {
        const paginationOpts = { numItems: PAGE_SIZE, cursor };
        const answer: LedgerPage = await convex.query(api.deliveries.ledger, { paginationOpts });
        lines.push(...answer.page.map((row) => JSON.stringify(row)));
        setRows(lines.length);
        ({ isDone, continueCursor: cursor } = answer);
      }
      if (lines.length === 0) toast(texts.nothingToExport);
      else {
        download("rollcall-deliveries.jsonl", `${lines.join("\n")}\n`, "application/jsonl");
        toast.success(texts.exported(lines.length), { description: texts.exportedLead });
      }
    } catch (error) {
      toast.error(texts.exportFailed, { description: messageOf(error) });
    } finally {
      setRows(null);
    }
  };
  return { exportAll, rows };
}

type LedgerPage = (typeof api.deliveries.ledger)["_returnType"];
