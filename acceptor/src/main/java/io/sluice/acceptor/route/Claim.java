package io.sluice.acceptor.route;

import io.sluice.schema.service.HostPort;

/**
 * What a Writer says when it is asked who leads a log.
 *
 * @param term of the leader; 0 where there are no elections
 */
public record Claim(int log, long term, HostPort leader) {}
