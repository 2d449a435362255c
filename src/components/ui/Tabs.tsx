import { type ReactNode } from "react";

const tabClass =
  "-mb-px inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent px-1 text-sm font-medium whitespace-nowrap text-ink-soft transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink [&_svg]:size-4";

/** The line that tabs stand on. */
function TabBar({ children }: { children: ReactNode }) {
  return <div className="overflow-x-auto border-b border-line">{children}</div>;
}

/** Tabs with an address each: links, which `renderLink` makes with the given looks. */
export function TabLinks<Link extends { href: string }>({
  label,
  links,
  renderLink,
}: {
  label: string;
  links: readonly Link[];
  renderLink: (link: Link, className: string) => ReactNode;
}) {
  return (
    <nav aria-label={label} className="mb-4">
      <TabBar>
        <ul className="flex gap-2 sm:gap-5">
          {links.map((link) => (
            <li key={link.href}>{renderLink(link, tabClass)}</li>
          ))}
        </ul>
      </TabBar>
    </nav>
  );
}
