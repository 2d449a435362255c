import { useTexts } from "@/hooks/useTexts.ts";
import { metadataRows } from "./metadataRows.ts";

/** What an agent says of its machine beyond the known facts, as a table of paths and values. Text only. */
export function MetadataTable({ metadata }: { metadata: string }) {
  const texts = useTexts().machine.metadata;
  const rows = metadataRows(metadata);
  return (
    <div className="mt-2 max-h-96 overflow-auto rounded-md border border-line" tabIndex={0}>
      <table className="w-full text-left text-xs">
        <caption className="sr-only">{texts.title}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{texts.key}</th>
            <th scope="col">{texts.value}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(({ path, value }) => (
            <tr key={path}>
              <th scope="row" className="px-3 py-1.5 align-top font-normal text-ink-faint">
                {path}
              </th>
              <td className="px-3 py-1.5 font-mono break-words whitespace-pre-wrap">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
