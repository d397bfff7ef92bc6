package io.sluice.query;

import io.sluice.schema.service.HostPort;
import java.util.UUID;

/**
 * A log, and where it is read.
 *
 * @param number in the cluster, from 0
 * @param id random, made with the log's disk
 * @param leader the Writer that serves its rows
 */
record LogPlace(int number, UUID id, HostPort leader) {}
