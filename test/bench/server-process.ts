import type { ChildProcess } from 'node:child_process';
import { endOf, messageFrom, SERVER_CORE, startProgram } from './processes.js';

/** The message of a server when it listens. */
export interface Started {
  url: string;
  /** Tokens or cookies of the requested number of users. */
  credentials: string[];
  /** From the start of the process to listening. */
  bootMs: number;
}

/** A server in a separate process. */
export class ServerProcess {
  private constructor(
    private readonly program: ChildProcess,
    readonly started: Started,
  ) {}

  /** @param path of the program, relative to this file, without its extension */
  static async start(
    path: string,
    environment: Record<string, string> = {},
    flags: string[] = [],
  ): Promise<ServerProcess> {
    const given = { NODE_ENV: 'production', ...environment };
    const program = startProgram(`./${path}.js`, SERVER_CORE, given, flags);
    return new ServerProcess(program, await messageFrom<Started>(program));
  }

  /** Calls a function that the server offers by message. */
  async call<T>(call: object): Promise<T> {
    this.program.send(call);
    return messageFrom<T>(this.program);
  }

  /**
   * Makes the server old within some seconds: twelve full garbage collections, as every server has done after some
   * minutes. With each, V8 forgets the shapes that no object has at that moment, and code compiled for them becomes
   * slower. Without it, a server that allocates less at its start seems up to a tenth faster during the measurement.
   */
  age(seconds: number): void {
    this.program.send({ ageIn: seconds });
  }

  /** Sessions that nobody has used. */
  freshCredentials(): Promise<string[]> {
    return this.call({ credentials: true });
  }

  /** Seconds of CPU that the server has used. */
  async cpuSeconds(): Promise<number> {
    const { user, system } = await this.call<NodeJS.CpuUsage>({ cpu: true });
    return (user + system) / 1e6;
  }

  close(): Promise<void> {
    return endOf(this.program);
  }
}
