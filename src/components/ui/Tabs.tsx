import { Tabs as Primitive } from "radix-ui";
import { type ReactNode } from "react";

const tabClass =
  "-mb-px inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent px-1 text-sm font-medium whitespace-nowrap text-ink-soft transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink [&_svg]:size-4";

/** Several contents in one place, one of them shown. Arrow keys go from tab to tab. */
export function Tabs<Value extends string>({
  label,
  value,
  options,
  onChange,
  children,
}: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
  onChange: (value: Value) => void;
  /** The content of the tab that is shown. */
  children: ReactNode;
}) {
  return (
    <Primitive.Root
      value={value}
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next);
        if (option !== undefined) onChange(option.value);
      }}
    >
      <TabBar>
        <Primitive.List aria-label={label} className="flex gap-5">
          {options.map((option) => (
            <Primitive.Trigger key={option.value} value={option.value} className={tabClass}>
              {option.icon}
              {option.label}
            </Primitive.Trigger>
          ))}
        </Primitive.List>
      </TabBar>
      <Primitive.Content value={value} className="pt-4 outline-none">
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}

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
        <ul className="flex gap-5">
          {links.map((link) => (
            <li key={link.href}>{renderLink(link, tabClass)}</li>
          ))}
        </ul>
      </TabBar>
    </nav>
  );
}
