package io.sluice.lake.s3;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Keys as a chain of providers finds them, and finds them anew when the store says that they have
 * expired: by itself the chain keeps what it found for as long as that was said to be good.
 */
final class S3Credentials
    implements AwsCredentialsProvider, ExecutionInterceptor, SdkAutoCloseable {

  private final Supplier<? extends AwsCredentialsProvider> chains;
  private final LongAdder renewed;
  private volatile AwsCredentialsProvider chain;

  /**
   * @param chains a new one each time, that has found nothing yet
   */
  S3Credentials(Supplier<? extends AwsCredentialsProvider> chains, LongAdder renewed) {
    this.chains = chains;
    this.renewed = renewed;
    this.chain = chains.get();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return chain.resolveCredentials();
  }

  @Override
  public void onExecutionFailure(
      Context.FailedExecution failed, ExecutionAttributes executionAttributes) {
    if (S3Failures.isExpired(failed.exception())) {
      renew();
    }
  }

  private synchronized void renew() {
    AwsCredentialsProvider old = chain;
    chain = chains.get();
    renewed.increment();
    close(old);
  }

  @Override
  public void close() {
    close(chain);
  }

  private static void close(AwsCredentialsProvider chain) {
    if (chain instanceof SdkAutoCloseable held) {
      held.close();
    }
  }
}
