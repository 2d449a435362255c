import { ArrowRight, TerminalSquare } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { CodeBlock } from "@/components/ui/CodeBlock.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { Skeleton } from "@/components/ui/Views.tsx";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { commandFor } from "./commands.ts";
import { FirstBeatChecklist } from "./FirstBeatChecklist.tsx";
import { rememberToken } from "./freshTokens.ts";
import { useCreateMachine } from "./useCreateMachine.ts";
import { useSiteUrl } from "./useSiteUrl.ts";

export interface FirstToken {
  machineId: string;
  token: string;
}

/** The welcome's short way to a first machine: a name, one line of curl, and a list that turns green by itself. */
export function FirstMachine({
  made,
  onMade,
  onMore,
  onDone,
}: {
  /** Null until the machine has been made. The page keeps it: the fleet is no longer empty then. */
  made: FirstToken | null;
  onMade: (made: FirstToken) => void;
  /** Opens the whole dialog: the agent, Docker, keys for many machines. */
  onMore: () => void;
  onDone: () => void;
}) {
  return made === null ? (
    <NameForm onMade={onMade} onMore={onMore} />
  ) : (
    <CurlLine made={made} onDone={onDone} />
  );
}

function NameForm({ onMade, onMore }: { onMade: (made: FirstToken) => void; onMore: () => void }) {
  const { add, first: texts } = useTexts().enrolment;
  const [name, setName] = useState(texts.suggestion);
  const [isMissing, setIsMissing] = useState(false);
  const { createMachine, isCreating, error } = useCreateMachine();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsMissing(name.trim() === "");
    if (name.trim() === "" || isCreating) return;
    try {
      const created = await createMachine({ name: name.trim() });
      rememberToken(created.machineId, created.token);
      onMade(created);
    } catch {
      // Shown below from the hook's error.
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="mx-auto grid w-full max-w-md grid-cols-[minmax(0,1fr)] gap-3 text-left"
    >
      <TextField
        label={texts.name}
        value={name}
        error={isMissing ? add.nameMissing : null}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setName(event.target.value)}
      />
      {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
      <Button
        type="submit"
        variant="primary"
        size="lg"
        icon={<TerminalSquare />}
        isPending={isCreating}
      >
        {texts.show}
      </Button>
      <Button variant="ghost" onClick={onMore}>
        {texts.more}
      </Button>
    </form>
  );
}

function CurlLine({ made, onDone }: { made: FirstToken; onDone: () => void }) {
  const { enrolment } = useTexts();
  const texts = enrolment.first;
  const siteUrl = useSiteUrl();
  const { data } = useLiveQuery(api.machines.checklist, { machineId: made.machineId });
  const hasAnswered = typeof data?.tokenAcceptedAt === "number";
  return (
    <div className="grid w-full grid-cols-[minmax(0,1fr)] gap-4 text-left">
      <div className="grid gap-1.5">
        <p className="text-sm text-ink-soft">{texts.paste}</p>
        {siteUrl === null ? (
          <Skeleton className="h-15" />
        ) : (
          <CodeBlock
            code={commandFor("curl", { pageUrl: location.origin, siteUrl, token: made.token })}
            label={enrolment.commandLabel(enrolment.ways.curl)}
          />
        )}
        <p className="text-xs text-ink-faint">{enrolment.connect.tokenNote}</p>
      </div>
      <FirstBeatChecklist machineId={made.machineId} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-48 flex-1 text-sm text-ink-soft">{hasAnswered && texts.answered}</p>
        <Button variant={hasAnswered ? "primary" : "ghost"} icon={<ArrowRight />} onClick={onDone}>
          {texts.toFleet}
        </Button>
      </div>
    </div>
  );
}
