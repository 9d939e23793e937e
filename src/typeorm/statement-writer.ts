import type { DataSource, EntityTarget } from 'typeorm';

/** A statement in the database's own syntax. */
export interface Written {
  sql: string;
  /** The names of its placeholders, in order. */
  values: readonly string[];
}

/**
 * Writes each statement once, for the driver and the names of this DataSource: `{table}` becomes the table with its
 * schema and prefix, `{userId}` that property's column under any naming strategy (`{userId as}` the same, returned
 * under the property's name), `:now` a placeholder. TypeORM's query builder would take longer to build a statement than
 * the database to run it, and it may send it to a replica or a cache.
 */
export class StatementWriter {
  readonly #written = new Map<string, Written>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly entity: EntityTarget<object>,
  ) {}

  write(text: string): Written {
    let written = this.#written.get(text);
    if (written === undefined) {
      written = this.#translate(text);
      this.#written.set(text, written);
    }
    return written;
  }

  #translate(text: string): Written {
    const { driver } = this.dataSource;
    const metadata = this.dataSource.getMetadata(this.entity);
    const columnOf = (name: string) =>
      driver.escape(metadata.findColumnWithPropertyName(name)!.databaseName);
    const named = text
      .replaceAll(
        '{table}',
        metadata.tablePath
          .split('.')
          .map((part) => driver.escape(part))
          .join('.'),
      )
      .replaceAll(
        /\{(\w+) as\}/g,
        (_, name: string) => `${columnOf(name)} AS ${driver.escape(name)}`,
      )
      .replaceAll(/\{(\w+)\}/g, (_, name: string) => columnOf(name));
    // Names instead of values: the driver writes numbers into the text, which would make every statement different.
    const names = [...new Set([...named.matchAll(/:(\w+)/g)].map((match) => match[1]!))];
    const [sql, values] = (driver as EscapingDriver).escapeQueryWithParameters(
      named,
      Object.fromEntries(names.map((name) => [name, name])),
      {},
    );
    return { sql, values: values as string[] };
  }
}

/** TypeORM 0.3 fails without the third parameter, which 1 doesn't have. */
interface EscapingDriver {
  escapeQueryWithParameters(
    sql: string,
    parameters: Record<string, unknown>,
    nativeParameters: Record<string, unknown>,
  ): [string, unknown[]];
}
