declare module 'jsonfeed-schema' {
  /** The JSON Schema of JSON Feed 1.1. */
  const schema: object;
  export default schema;
}
