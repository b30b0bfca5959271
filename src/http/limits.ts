const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Time for one whole answer, body included. */
export const requestTimeoutMilliseconds = 60 * second;

/** How often a failed request is sent again. */
export const defaultRetries = 5;

/** How many requests are in flight at the same time. */
export const defaultConcurrency = 10;

/** The largest answer that is read, after decompression. No page of a listing comes near it. */
export const maximumAnswerBytes = 64 * 1024 * 1024;

/** The largest headers of an answer: single sign-on and proxies send more than the 16 KiB of Node.js. */
export const maximumHeaderBytes = 64 * 1024;

/** How much of an error's or redirect's body is read: enough for any message. */
export const errorBodyBytes = 64 * 1024;

/** How much of an error's body is kept, in characters. */
export const errorBodyCharacters = 2_000;

/** How many redirects are followed one after the other. */
export const maximumRedirects = 5;

/**
 * The longest wait that a server may ask for. Node.js timers end at 24.8 days and then fire at
 * once; a server that names more than a day means no run of ours.
 */
export const longestServerWaitMilliseconds = 24 * hour;

/** A shared wait that moves by less than this is not told again. */
export const tellWaitAgainMilliseconds = second;

/** Waits after failures that pass by themselves: from 0.5 s, doubled each time, up to 30 s. */
export const backOffBaseMilliseconds = second / 2;
export const backOffCapMilliseconds = 30 * second;

/**
 * Waits after a 429 that names no time. The longest window that servers are known to count over is a
 * rolling hour: from 10 s, doubled each time, up to 15 minutes, so that all of them outlast it.
 */
export const limitedBaseMilliseconds = 10 * second;
export const limitedCapMilliseconds = 15 * minute;

/** How many retries more than usual a 429 gets, to reach past the hour. */
export const limitedExtraRetries = 9;
