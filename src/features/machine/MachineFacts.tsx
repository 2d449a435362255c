import { type ReactNode } from "react";
import { Card } from "@/components/ui/Card.tsx";
import { CopyIconButton } from "@/components/ui/CopyButton.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { formatStamp } from "@/lib/format.ts";
import { MetadataTable } from "./MetadataTable.tsx";

/** What the machine said about itself when it registered. Shown as text only: agents may send anything. */
export function MachineFacts({ machine }: { machine: MachineDetails }) {
  const system = [machine.os, machine.arch].filter((part) => part !== null).join(" · ");
  const { facts: texts, metadata } = useTexts().machine;
  const maxServers = machine.capacity?.maxServers;
  return (
    <Card title={texts.title}>
      <dl className="divide-y divide-line text-sm">
        <Fact label={texts.machineId}>
          <span className="inline-flex max-w-full items-center gap-1">
            <code className="truncate font-mono text-xs">{machine.machineId}</code>
            <CopyIconButton text={machine.machineId} label={texts.copyMachineId} />
          </span>
        </Fact>
        <Fact label={texts.hostname}>{machine.hostname}</Fact>
        <Fact label={texts.ipAddress}>{machine.ipAddress}</Fact>
        <Fact label={texts.system}>{system === "" ? null : system}</Fact>
        <Fact label={texts.version}>{machine.version}</Fact>
        <Fact label={texts.directory}>{machine.rootDirectory}</Fact>
        <Fact label={texts.capacity}>
          {maxServers === undefined ? null : texts.servers(maxServers)}
        </Fact>
        <Fact label={texts.added}>{formatStamp(machine.createdAt)}</Fact>
      </dl>
      {machine.metadata !== null && machine.metadata !== "{}" && (
        <details className="border-t border-line px-4 py-3 text-sm">
          <summary className="cursor-pointer rounded-sm font-medium">{metadata.title}</summary>
          <MetadataTable metadata={machine.metadata} />
        </details>
      )}
    </Card>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  const texts = useTexts().machine.facts;
  return (
    <div className="grid min-h-10 grid-cols-[8.5rem_1fr] items-center gap-2 px-4 py-1">
      <dt className="text-ink-faint">{label}</dt>
      <dd className="min-w-0 break-words text-ink">
        {children ?? <span className="text-ink-faint">{texts.notReported}</span>}
      </dd>
    </div>
  );
}
