/**
 * From batches to Writers: long-lived DoPut streams, one per log, tenant and table, over which the
 * rows of many requests ride together and each batch is answered by itself.
 *
 * <pre>
 * Forwarder     which stream takes a batch; opens and closes them
 * LogShares     how much of what requests hold one log may have
 * PutStream     one stream's life: gather, send, match answers, send again
 * PutMessage    what travels as one FlightData: the rows of some batches
 * PutFrame      its bytes
 * PutMethod     DoPut as gRPC sees it
 * LogLeader     to whom all streams of a log go now (route decides)
 * LeaderQuery   asks the Writers who leads, while that is in doubt
 * LogsAction    the question and its answer
 * WriterLink    the connection to a Writer, and whether it stands
 * </pre>
 */
package io.sluice.acceptor.forward;
