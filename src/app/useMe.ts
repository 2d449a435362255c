import { useOutletContext } from "react-router";
import { type Me } from "@/lib/backend.ts";

/** Who is signed in, for pages inside the app's frame. */
export function useMe(): Me {
  return useOutletContext<Me>();
}
