/** All text within an element, and nothing for an element that is not there. */
export function textOf(element: Element | null | undefined): string {
  return element?.textContent ?? "";
}
