import { ArrowUpRight, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { toast } from "sonner";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button, buttonClass } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { CodeBlock } from "@/components/ui/CodeBlock.tsx";
import { Dialog, DialogFooter } from "@/components/ui/Dialog.tsx";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { ItemsCard } from "./ItemsCard.tsx";
import { NewsCard } from "./NewsCard.tsx";
import { PageForm, type PageWords } from "./PageForm.tsx";
import { type StatusPage, type StatusPageRow, useStatusPage } from "./useStatusPage.ts";

interface Rights {
  canManage: boolean;
  canEdit: boolean;
}

/** One status page: what it says, what it shows, and whether anybody sees it. */
export function PageEditor({
  statusPageId,
  ...rights
}: Rights & { statusPageId: StatusPageRow["statusPageId"] }) {
  return (
    <Retryable>
      {(retry) => <Loaded statusPageId={statusPageId} onRetry={retry} {...rights} />}
    </Retryable>
  );
}

function Loaded({
  statusPageId,
  canManage,
  canEdit,
  onRetry,
}: Rights & { statusPageId: StatusPageRow["statusPageId"]; onRetry: () => void }) {
  const { statusPages: texts } = useTexts();
  const { data: page, error } = useStatusPage(statusPageId);
  if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
  if (page === undefined) return <LoadingRows label={texts.loading} count={3} />;
  if (page === null) return null;
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <div className="grid gap-4">
        <PageCard page={page} canManage={canManage} />
        <ItemsCard page={page} canEdit={canManage} />
      </div>
      <div className="grid gap-4">
        <NewsCard page={page} canEdit={canEdit} />
        <EmbedCard page={page} />
      </div>
    </div>
  );
}

function PageCard({ page, canManage }: { page: StatusPage; canManage: boolean }) {
  const { statusPages: texts } = useTexts();
  const update = useCall(api.statusPages.update);
  const publish = useCall(api.statusPages.update);
  const { statusPageId, slug, title, description, isPublished } = page;
  const save = async (words: PageWords) => {
    try {
      await update.call({ statusPageId, ...words });
      toast.success(texts.saved);
    } catch {
      // Shown at its field from the call's error.
    }
  };
  const turn = async () => {
    try {
      await publish.call({ statusPageId, isPublished: !isPublished });
      toast.success(isPublished ? texts.nowHidden(title) : texts.nowPublished(title));
    } catch (error) {
      toast.error(texts.notChanged, { description: messageOf(error) });
    }
  };
  return (
    <Card
      title={title}
      action={
        <div className="flex flex-wrap items-center gap-2">
          <Badge tone={isPublished ? "good" : "neutral"}>
            {isPublished ? texts.published : texts.hidden}
          </Badge>
          {isPublished && (
            <Link to={paths.publicStatus.href(slug)} className={buttonClass("ghost")}>
              {texts.open}
              <ArrowUpRight aria-hidden="true" />
            </Link>
          )}
          {canManage && (
            <Button
              variant={isPublished ? "secondary" : "primary"}
              isPending={publish.isPending}
              onClick={() => void turn()}
            >
              {isPublished ? texts.hide : texts.publish}
            </Button>
          )}
        </div>
      }
    >
      {canManage ? (
        <PageForm
          initial={{ slug, title, description }}
          submitLabel={texts.save}
          isPending={update.isPending}
          error={update.error}
          onSubmit={(words) => void save(words)}
          aside={<RemovePage page={page} />}
        />
      ) : (
        <p className="px-4 py-3 text-sm whitespace-pre-wrap text-ink-soft">{description}</p>
      )}
    </Card>
  );
}

function RemovePage({ page: { statusPageId, title } }: { page: StatusPage }) {
  const { statusPages: texts } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  const { call, isPending } = useCall(api.statusPages.remove);
  const remove = async () => {
    try {
      await call({ statusPageId });
    } catch (error) {
      toast.error(texts.notChanged, { description: messageOf(error) });
      setIsOpen(false);
    }
  };
  return (
    <>
      <Button
        variant="dangerOutline"
        icon={<Trash2 />}
        className="mr-auto"
        onClick={() => setIsOpen(true)}
      >
        {texts.remove}
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={texts.removeTitle(title)}
        description={texts.removeLead}
      >
        <DialogFooter>
          <Button variant="ghost" onClick={() => setIsOpen(false)}>
            {texts.cancel}
          </Button>
          <Button variant="danger" isPending={isPending} onClick={() => void remove()}>
            {texts.remove}
          </Button>
        </DialogFooter>
      </Dialog>
    </>
  );
}

/** Where else the page's state can be shown. */
function EmbedCard({ page: { slug, title } }: { page: StatusPage }) {
  const { statusPages } = useTexts();
  const texts = statusPages.embed;
  const siteUrl = useLiveQuery(api.installation.status, {}).data?.siteUrl;
  if (siteUrl === undefined) return null;
  const json = `${siteUrl}/api/v1/status/${slug}`;
  const badge = `${json}/badge.svg`;
  const link = `${location.origin}${paths.publicStatus.href(slug)}`;
  return (
    <Card title={texts.title} description={texts.lead}>
      <div className="grid gap-3 px-4 py-3">
        <Embed
          label={texts.badgeCode}
          code={`[![${title.replaceAll(/[[\]]/g, "")}](${badge})](${link})`}
        />
        <Embed label={texts.json} code={json} />
      </div>
    </Card>
  );
}

function Embed({ label, code }: { label: string; code: string }) {
  return (
    <div className="grid gap-1">
      <h3 className="text-xs font-medium text-ink-soft">{label}</h3>
      <CodeBlock code={code} label={label} />
    </div>
  );
}
