/**
 * OTLP as exporters speak it, over gRPC and HTTP. Both receivers end in one handler: bytes in,
 * outcome out; each says the outcome in its protocol's words.
 */
package io.sluice.acceptor.receive;
