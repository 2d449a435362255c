import { type Texts } from "../texts.ts";
import { app } from "./app.ts";

export const de: Texts = { app };
