import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { type ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

const itemClass = cn(
  "flex h-8 cursor-default items-center gap-2.5 rounded-sm px-2 text-sm text-ink outline-none select-none",
  "data-highlighted:bg-hover data-disabled:opacity-50 [&_svg]:size-4 [&_svg]:text-ink-faint",
);

/** A menu that opens from its trigger, with arrow keys, type-ahead and Escape. */
export function Menu({
  trigger,
  children,
  align = "end",
  side = "bottom",
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Content
        align={align}
        side={side}
        sideOffset={6}
        collisionPadding={8}
        className="z-50 max-h-[var(--radix-dropdown-menu-content-available-height)] min-w-52 animate-pop-in overflow-y-auto rounded-lg bg-raised p-1 shadow-pop"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

export function MenuItem({
  icon,
  onSelect,
  isDanger = false,
  children,
}: {
  icon?: ReactNode;
  onSelect: () => void;
  isDanger?: boolean;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      className={cn(itemClass, isDanger && "text-offline [&_svg]:text-offline")}
    >
      {icon}
      {children}
    </DropdownMenu.Item>
  );
}

/** A choice of one among several inside a menu; the menu stays open. */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
  onChange: (value: Value) => void;
}) {
  return (
    <DropdownMenu.RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next);
        if (option !== undefined) onChange(option.value);
      }}
    >
      <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-xs text-ink-faint">
        {label}
      </DropdownMenu.Label>
      {options.map((option) => (
        <DropdownMenu.RadioItem
          key={option.value}
          value={option.value}
          onSelect={(event) => event.preventDefault()}
          className={itemClass}
        >
          {option.icon}
          {option.label}
          <DropdownMenu.ItemIndicator className="ml-auto">
            <Check aria-hidden="true" className="text-accent-ink!" />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** Something that is on or off; the menu stays open. */
export function MenuCheck({
  isOn,
  onChange,
  children,
}: {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.CheckboxItem
      checked={isOn}
      onCheckedChange={(checked) => onChange(checked === true)}
      onSelect={(event) => event.preventDefault()}
      className={itemClass}
    >
      {children}
      <DropdownMenu.ItemIndicator className="ml-auto">
        <Check aria-hidden="true" className="text-accent-ink!" />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.CheckboxItem>
  );
}
