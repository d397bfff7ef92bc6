package io.sluice.bench.whole;

import io.grpc.ChannelCredentials;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * By which connections a client comes.
 *
 * @param channel of gRPC
 * @param ssl of HTTP; null: plain
 */
record Transport(ChannelCredentials channel, @Nullable SSLContext ssl) {}
