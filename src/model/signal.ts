/** The signals that ask a process to stop, and what it ends with then: 128 and the signal's number. */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** A signal that asks a process to stop. */
export type StopSignal = keyof typeof SIGNAL_EXIT_CODES;
