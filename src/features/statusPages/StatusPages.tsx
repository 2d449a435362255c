import { Plus, RadioTower } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog } from "@/components/ui/Dialog.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { PageEditor } from "./PageEditor.tsx";
import { PageForm, type PageWords } from "./PageForm.tsx";
import { type StatusPageRow } from "./useStatusPage.ts";

/** What is published to people outside: all pages, and the one that is being edited. */
export function StatusPages({
  canManage,
  canEdit,
  onRetry,
}: {
  /** Pages and their machines are for admins, announcements for members. */
  canManage: boolean;
  canEdit: boolean;
  onRetry: () => void;
}) {
  const { statusPages: texts } = useTexts();
  const { data: pages, error } = useLiveQuery(api.statusPages.list, {});
  const [params, setParams] = useSearchParams();
  const [isCreating, setIsCreating] = useState(false);
  const chosen =
    pages?.find(({ statusPageId }) => statusPageId === params.get("page")) ?? pages?.[0];
  const choose = (statusPageId: string) => setParams({ page: statusPageId }, { replace: true });
  const add = canManage && (
    <Button variant="primary" icon={<Plus />} onClick={() => setIsCreating(true)}>
      {texts.add}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={texts.lead}
        {...(chosen !== undefined && { action: add })}
      />
      {error !== null ? (
        <ErrorView title={texts.failed} error={error} onRetry={onRetry} />
      ) : pages === undefined ? (
        <LoadingRows label={texts.loading} count={3} />
      ) : chosen === undefined ? (
        <div className="rounded-lg border border-line bg-surface shadow-card">
          <EmptyView icon={<RadioTower />} title={texts.none} action={add}>
            {texts.noneLead}
          </EmptyView>
        </div>
      ) : (
        <div className="grid gap-4">
          {pages.length > 1 && <PageChoice pages={pages} chosen={chosen} onChoose={choose} />}
          <PageEditor
            key={chosen.statusPageId}
            statusPageId={chosen.statusPageId}
            canManage={canManage}
            canEdit={canEdit}
          />
        </div>
      )}
      <Dialog
        isOpen={isCreating}
        onOpenChange={setIsCreating}
        title={texts.add}
        description={texts.createLead}
      >
        <NewPage
          onDone={(statusPageId) => {
            setIsCreating(false);
            if (statusPageId !== null) choose(statusPageId);
          }}
        />
      </Dialog>
    </>
  );
}

function NewPage({ onDone }: { onDone: (statusPageId: string | null) => void }) {
  const { statusPages: texts } = useTexts();
  const { call, isPending, error } = useCall(api.statusPages.create);
  const create = async (words: PageWords) => {
    try {
      onDone((await call(words)).statusPageId);
    } catch {
      // Shown at its field from the call's error.
    }
  };
  return (
    <PageForm
      initial={{ slug: "", title: "", description: "" }}
      submitLabel={texts.create}
      isPending={isPending}
      error={error}
      onSubmit={(words) => void create(words)}
      onCancel={() => onDone(null)}
    />
  );
}

function PageChoice({
  pages,
  chosen,
  onChoose,
}: {
  pages: StatusPageRow[];
  chosen: StatusPageRow;
  onChoose: (statusPageId: string) => void;
}) {
  const { statusPages: texts } = useTexts();
  return (
    <ul aria-label={texts.list} className="flex flex-wrap gap-2">
      {pages.map((page) => (
        <li key={page.statusPageId}>
          <button
            type="button"
            aria-pressed={page === chosen}
            onClick={() => onChoose(page.statusPageId)}
            className={cn(
              "flex h-9 items-center gap-2 rounded-md border px-3 text-sm font-medium",
              page === chosen
                ? "border-accent bg-accent-soft text-accent-ink"
                : "border-line bg-surface text-ink-soft hover:border-line-strong hover:text-ink",
            )}
          >
            <span className="max-w-48 truncate">{page.title}</span>
            <Badge tone={page.isPublished ? "good" : "neutral"}>
              {page.isPublished ? texts.published : texts.hidden}
            </Badge>
          </button>
        </li>
      ))}
    </ul>
  );
}
