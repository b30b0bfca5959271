import { connect } from 'node:tls';

/** How long a server may take to show a certificate. */
const patienceMilliseconds = 5_000;

/**
 * Whether a server speaks TLS. Many cut the connection without a word where it is asked for by http://,
 * which is told from a fault that passes by asking. Nothing but a greeting is sent.
 */
export function speaksTls({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[(.*)\]$/u, '$1'),
      port: Number(port || 80),
      // Whose it is does not matter.
      rejectUnauthorized: false,
    });
    const end = (answer: boolean) => (): void => {
      resolve(answer);
      socket.destroy();
    };
    socket
      .once('secureConnect', end(true))
      .on('error', end(false))
      .once('close', end(false))
      .setTimeout(patienceMilliseconds, end(false));
  });
}
