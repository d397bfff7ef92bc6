package io.sluice.acceptor.forward;

import java.util.List;

/**
 * A Writer as an Acceptor knows it.
 *
 * @param logs numbers of those whose messages go to it
 */
public record KnownWriter(String address, boolean connected, List<Long> logs) {}
