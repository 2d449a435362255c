import { type Texts } from "../texts.ts";
import { app } from "./app.ts";
import { demo } from "./demo.ts";

export const zh: Texts = { app, demo };
