/** The contract on the embedded backend. It should differ in nothing. */
import { contractSuite } from "./suite.ts";
import { openBackend } from "./support/backendImplementation.ts";

contractSuite({ name: "embedded backend", open: openBackend, skip: [] });
