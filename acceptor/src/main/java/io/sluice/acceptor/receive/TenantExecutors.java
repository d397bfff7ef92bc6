package io.sluice.acceptor.receive;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A call's messages are read and decoded when it is its tenant's turn. Any thread. */
final class TenantExecutors implements ServerCallExecutorSupplier {

  private final Lanes lanes;

  TenantExecutors(Lanes lanes) {
    this.lanes = lanes;
  }

  /** Null, as for any other call: where calls begin. */
  @Override
  public <RequestT, ResponseT> @Nullable Executor getExecutor(
      ServerCall<RequestT, ResponseT> call, Metadata headers) {
    GrpcInbound inbound = GrpcInbound.KEY.get();
    String tenant = inbound == null ? null : inbound.admitted().tenant();
    return tenant == null ? null : lanes.workers(tenant);
  }
}
