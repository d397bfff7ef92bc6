package io.sluice.schema.security;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A context that forgets its sessions, and the keys of the tickets that it gave, once others are
 * believed than before: who resumes a session is not looked at again. Any thread.
 */
final class ReloadedContext extends SSLContext {

  /**
   * @param believed what is believed now: another object once that has changed
   * @param make a context of it
   */
  ReloadedContext(Supplier<?> believed, Supplier<SSLContext> make) {
    this(make.get(), believed, make);
  }

  private ReloadedContext(SSLContext first, Supplier<?> believed, Supplier<SSLContext> make) {
    super(new Newest(first, believed, make), first.getProvider(), first.getProtocol());
  }

  private static final class Newest extends SSLContextSpi {
    private final Supplier<?> believed;
    private final Supplier<SSLContext> make;
    private Object by;
    private SSLContext context;

    Newest(SSLContext first, Supplier<?> believed, Supplier<SSLContext> make) {
      this.believed = believed;
      this.make = make;
      this.by = believed.get();
      this.context = first;
    }

    private synchronized SSLContext context() {
      Object now = believed.get();
      if (now != by) {
        by = now;
        context = make.get();
      }
      return context;
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("it is made with what it shows and believes");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return context().getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return context().getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return context().createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(@Nullable String host, int port) {
      return context().createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context().getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return context().getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return context().getSupportedSSLParameters();
    }
  }
}
