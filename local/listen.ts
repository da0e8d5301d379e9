import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another program holds the port. */
export class PortInUseError extends Error {
  override name = 'PortInUseError';
  constructor(readonly port: number) {
    super(`Port ${port} is in use.`);
  }
}

/**
 * Listens on the loopback address only, so that no other machine can connect.
 * @param port 0 for any free one
 * @returns the server's address, `http://127.0.0.1:<port>`
 * @throws PortInUseError
 */
export function listen(server: Server, port = 0): Promise<string> {
  // Node's 5 seconds would close idle connections that a client is about to use. AWS keeps them for longer.
  server.keepAliveTimeout = 75_000;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port) : error),
    );
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

/**
 * Stops listening. After a grace (milliseconds) for running requests it cuts the connections that are still open, since
 * kept-alive ones would keep the process running. Closing twice is harmless.
 */
export async function close(server: Server, grace = 0): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve, reject) => {
    server.close(error => (error ? reject(error) : resolve()));
  });
  const cut = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(cut);
}
