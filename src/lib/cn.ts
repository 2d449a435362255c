/** Joins class names; of two that set the same property, the later one wins. */
import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// Our own text sizes would otherwise be taken for text colours and dropped.
const merge = extendTailwindMerge({ extend: { theme: { text: ["2xs"] } } });

export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
