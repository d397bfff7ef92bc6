/**
 * Plain rows become OTLP again: each record with its resource and scope, as it came in.
 *
 * <pre>
 * RowsToOtlp    rows to the bytes of one export request; of profiles to one for each dictionary
 * RequestCutter rows, as they come, to requests of bounded size
 * SharedColumns whether neighbours have the same levels
 * Level         a resource, scope or metric: where a record hangs in the request
 * Group         a level with what hangs below it, while a request is built
 * Cells         typed access to the columns of a root or the fields of a struct
 * Attributes    maps with their type letters to KeyValues; ValueText and JsonText one value
 * Spans, LogRecords, Points, Profiles, Groups, Metrics   one row to its messages
 * </pre>
 *
 * <p>Bytes, not messages, are what is put together: where text was not valid UTF-8, only the raw
 * bytes give the record back, and protobuf-java cannot parse them.
 */
package io.sluice.schema.otlp;
