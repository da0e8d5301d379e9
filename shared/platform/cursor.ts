import type * as z from 'zod';

/** Most characters of a cursor. */
export const longestCursor = 500;

/** A cursor: the place where a page of a list ended, as a text for an address. It is not secret and not signed. */
export function cursorOf<Place extends z.ZodType<object>>(schema: Place) {
  return {
    write: (place: z.input<Place>): string => Buffer.from(JSON.stringify(place)).toString('base64url'),

    /** @returns undefined when the text is no cursor of this list */
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
