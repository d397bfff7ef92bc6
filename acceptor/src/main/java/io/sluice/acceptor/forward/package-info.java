/**
 * From batches to Writers: long-lived DoPut streams, one per log, tenant and table, over which the
 * rows of many requests ride together and each batch is answered by itself.
 *
 * <pre>
 * Forwarder     which stream takes a batch; opens and closes them
 * PutStream     one stream's life: gather, send, match answers, send again
 * PutMessage    what travels as one FlightData: the rows of some batches
 * PutFrame      its bytes
 * PutMethod     DoPut as gRPC sees it
 * WriterLink    the connection to a Writer, and whether it stands
 * </pre>
 */
package io.sluice.acceptor.forward;
