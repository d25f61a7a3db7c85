package espalier.testing;

import espalier.tensor.Scope;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves tensors behind. Each test runs in a scope of its own; what is still alive
 * after it, and was not kept, is a leak.
 */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(NoLeaks.class);

    private record Start(long live, Scope scope) {}

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(SPACE).put("start", new Start(Scope.live(), Scope.open()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var start = context.getStore(SPACE).remove("start", Start.class);
        start.scope().close();
        long leaked = Scope.live() - start.live();
        if (leaked != 0) {
            throw new AssertionError(leaked + " tensors were left behind by " + context.getDisplayName());
        }
    }
}
