import type * as z from 'zod';

/** Characters that a cursor may have. */
export const longestCursor = 500;

/** A cursor: where a page of a list ended, as a text for an address. It is no secret, and proves nothing. */
export function cursorOf<Place extends z.ZodType<object>>(schema: Place) {
  return {
    write: (place: z.input<Place>): string => Buffer.from(JSON.stringify(place)).toString('base64url'),

    /** @returns undefined when it isn't one */
    read(text: string): z.output<Place> | undefined {
      if (text.length > longestCursor) return undefined;
      try {
        return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
      } catch {
        return undefined;
      }
    },
  };
}
