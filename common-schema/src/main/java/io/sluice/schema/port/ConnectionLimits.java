package io.sluice.schema.port;

import java.time.Duration;

/**
 * What a port takes of connections.
 *
 * @param most at once
 * @param strangersOfAddress how many of one address nobody may know at once
 * @param known until when a new one must have made a call of somebody who is known
 * @param taken until when an answer must have been taken that is no stream of rows
 */
public record ConnectionLimits(int most, int strangersOfAddress, Duration known, Duration taken) {}
