import { useCall } from "@/hooks/useCall.ts";
import { api } from "@/lib/backend.ts";
import { newCredentials } from "@/lib/credentials.ts";

export interface NewMachine {
  name: string;
  description?: string;
  tags?: string[];
  heartbeatIntervalMs?: number;
  offlineThresholdMs?: number;
}

/** Adds machines (S3.3). Id and secret are made here, in the browser; the token is to be shown once. */
export function useCreateMachine(): {
  /** @throws ConvexError with an AppError: invalid, duplicateMachineId, limitReached, notSignedIn. */
  createMachine: (machine: NewMachine) => Promise<{ machineId: string; token: string }>;
  isCreating: boolean;
  error: Error | null;
} {
  const { call, isPending, error } = useCall(api.machines.create);
  return {
    createMachine: (machine) => call({ ...newCredentials(), ...machine }),
    isCreating: isPending,
    error,
  };
}
