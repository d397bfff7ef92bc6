package io.sluice.acceptor.columns;

/**
 * The columns of one table's records, by name; what they are of is known to {@link WireColumns}.
 */
public sealed interface RecordColumns
    permits SpanColumns,
        LogRecordColumns,
        NumberColumns,
        HistogramColumns,
        ExponentialHistogramColumns,
        SummaryColumns,
        ProfileColumns {}
