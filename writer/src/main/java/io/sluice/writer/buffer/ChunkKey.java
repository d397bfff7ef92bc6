package io.sluice.writer.buffer;

/**
 * What the rows of a chunk have in common; each becomes a file of its own.
 *
 * @param day days since the epoch of the rows' time: the table's partition
 * @param shard hash of service_name modulo the number of shards
 */
public record ChunkKey(int day, int shard) {}
