/** How the REST API says no: the agents' envelope, and one table from codes to status and text. */
import * as z from "zod";

export const restErrors = {
  badRequest: { httpStatus: 400, message: "The request cannot be understood." },
  unauthorized: {
    httpStatus: 401,
    message: "Send the header Authorization: Bearer rck_… with an API key that is valid.",
  },
  forbidden: { httpStatus: 403, message: "This API key may only read." },
  notFound: { httpStatus: 404, message: "There is nothing here." },
  methodNotAllowed: { httpStatus: 405, message: "This address does not take this method." },
  duplicateMachineId: { httpStatus: 409, message: "This machine id is taken." },
  tooLarge: { httpStatus: 413, message: "The body is larger than 64 KiB." },
  notStorable: { httpStatus: 422, message: "A value cannot be used." },
  limitReached: { httpStatus: 422, message: "A limit is reached." },
  rateLimited: { httpStatus: 429, message: "Too many requests. Wait as Retry-After says." },
  unavailable: { httpStatus: 503, message: "The server could not do this just now. Try again." },
} as const;

export type RestErrorCode = keyof typeof restErrors;

export const errorAnswer = z.object({
  error: z.object({
    code: z.enum(Object.keys(restErrors) as [RestErrorCode, ...RestErrorCode[]]),
    message: z
      .string()
      .meta({ description: "For people: what was wrong and what would be right." }),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});
