import { createServer, connect, type Server, type Socket } from 'node:net';

/** What stands between an app and its database, or a client and its app, and can fail in every way a network does. */
export interface TcpProxy {
  port: number;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Accepts and keeps connections, and passes nothing on. */
  hang(): void;
  /** Passes on what comes to the far side, and ends the connection instead of passing back the next answer. */
  loseNextResponse(): void;
  /** Works again; what hung meanwhile goes on. */
  heal(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<[near: Socket, far: Socket]>();
  let state: 'up' | 'cut' | 'hung' = 'up';
  let responsesToLose = 0;

  const server: Server = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(target);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
      if (state === 'hung') socket.pause();
    }
    near.on('data', (chunk) => far.write(chunk));
    far.on('data', (chunk) => {
      if (responsesToLose > 0) {
        responsesToLose -= 1;
        end();
      } else {
        near.write(chunk);
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endAll = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };

  return {
    port: (server.address() as { port: number }).port,
    cut() {
      state = 'cut';
      endAll();
    },
    hang() {
      state = 'hung';
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    loseNextResponse() {
      responsesToLose += 1;
    },
    heal() {
      state = 'up';
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    close() {
      endAll();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
