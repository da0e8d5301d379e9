declare module 'dynalite' {
  import type { Server } from 'node:http';

  /**
   * A DynamoDB server over HTTP. `path` keeps the data on disk. The times are how long a table stays CREATING and so
   * on.
   */
  export default function dynalite(options: {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }): Server;
}
