import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Delivery } from "@/lib/backend.ts";
import { answerText, explain } from "./explain.ts";

/** What became of a delivery, what it waits for, or why nobody was told: one sentence that keeps up with the clock. */
export function DeliveryStory({ delivery }: { delivery: Delivery }) {
  const { notifications: texts } = useTexts();
  const text = useNowSelect((now) => explain(texts, delivery, now));
  const { responseStatus } = delivery;
  const answer = delivery.state === "delivered" ? answerText({ responseStatus }) : "";
  return (
    <span className="break-words">
      {text}
      {answer !== "" && <span className="text-ink-faint"> · {answer}</span>}
    </span>
  );
}
