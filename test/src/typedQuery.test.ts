/** A field whose value lives in the address, which follows late. */
import { act, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useTypedQuery } from "@/features/fleet/useTypedQuery.ts";

test("typing faster than the address follows loses nothing; what comes from elsewhere replaces it", () => {
  const onChange = vi.fn();
  const field = renderHook(({ query }) => useTypedQuery(query, onChange), {
    initialProps: { query: "" },
  });
  act(() => field.result.current.type("t"));
  act(() => field.result.current.type("ta"));
  act(() => field.result.current.type("tag"));
  expect(onChange.mock.calls).toEqual([["t"], ["ta"], ["tag"]]);
  field.rerender({ query: "t" });
  expect(field.result.current.text).toBe("tag");
  field.rerender({ query: "tag" });
  expect(field.result.current.text).toBe("tag");
  field.rerender({ query: "status:offline" });
  expect(field.result.current.text).toBe("status:offline");
});
