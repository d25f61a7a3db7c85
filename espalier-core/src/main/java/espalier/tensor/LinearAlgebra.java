package espalier.tensor;

import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.global.torch;

/** Products, solutions and decompositions of matrices. Leading dimensions are batches. */
interface LinearAlgebra {
    /**
     * The matrix product as PyTorch defines it: vectors, matrices, and batches of matrices with broadcasting.
     *
     * @throws ShapeException when the inner sizes differ
     */
    default Tensor matmul(Tensor other) {
        Shape a = ((Tensor) this).shape();
        Shape b = other.shape();
        if (a.dim() == 0 || b.dim() == 0) {
            throw new ShapeException("matmul: scalars cannot be multiplied as matrices: received " + a + " and " + b
                    + ". Maybe use mul.");
        }
        long inner = b.dim() == 1 ? b.size(0) : b.size(-2);
        if (a.size(-1) != inner) {
            throw new ShapeException("matmul: inner sizes differ: " + a + " ends in " + a.size(-1) + ", " + b + " has "
                    + inner + " rows. Maybe transpose one of them.");
        }
        return Native.call("matmul", () -> Native.raw(this).matmul(other.raw()));
    }

    /** The product of two batches of matrices {@code [N, n, m]} and {@code [N, m, p]}. */
    default Tensor bmm(Tensor other) {
        Operands.dims("bmm", (Tensor) this, 3, "[N, n, m]");
        Operands.dims("bmm", other, 3, "[N, m, p]");
        return matmul(other);
    }

    /** The inner product of two vectors of one length. */
    default Tensor dot(Tensor other) {
        Operands.dims("dot", (Tensor) this, 1, "a vector");
        Operands.dims("dot", other, 1, "a vector");
        return matmul(other);
    }

    /** The outer product of two vectors: {@code [n, m]}. */
    default Tensor outer(Tensor other) {
        Operands.dims("outer", (Tensor) this, 1, "a vector");
        Operands.dims("outer", other, 1, "a vector");
        return Native.call("outer", () -> torch.outer(Native.raw(this), other.raw()));
    }

    /** X with {@code this X = b}, for square matrices. @throws NativeException when a matrix is singular */
    default Tensor solve(Tensor b) {
        square("solve");
        return Native.call("solve", () -> torch.linalg_solve(Native.raw(this), b.raw()));
    }

    /** The inverse of square matrices. @throws NativeException when one is singular */
    default Tensor inverse() {
        square("inverse");
        return Native.call("inverse", () -> torch.linalg_inv(Native.raw(this)));
    }

    /** The determinant of square matrices. */
    default Tensor det() {
        square("det");
        return Native.call("det", () -> torch.det(Native.raw(this)));
    }

    /** L with {@code this = L Lᵀ}, for positive definite matrices. @throws NativeException when one is not */
    default Tensor cholesky() {
        square("cholesky");
        return Native.call("cholesky", () -> torch.linalg_cholesky(Native.raw(this), false));
    }

    /** {@code this + first · second}. @throws ShapeException when the inner sizes differ */
    default Tensor addmm(Tensor first, Tensor second) {
        return first.matmul(second).add((Tensor) this);
    }

    /** The diagonal of a matrix; a view. */
    default Tensor diagonal() {
        return Native.call("diagonal", () -> Native.raw(this).diagonal());
    }

    /** The sum of the diagonal of a matrix. */
    default Tensor trace() {
        Operands.dims("trace", (Tensor) this, 2, "[N, M]");
        return Native.call("trace", () -> Native.raw(this).trace());
    }

    /** The eigenvalues of symmetric matrices, rising; only the lower triangle is read. */
    default Tensor eigvalsh() {
        square("eigvalsh");
        return Native.call("eigvalsh", () -> torch.linalg_eigvalsh(Native.raw(this)));
    }

    /** U, S and V with {@code this = U diag(S) Vᵀ}, singular values in falling order. */
    default Svd svd() {
        return Native.run("svd", () -> {
            T_TensorTensorTensor_T result = torch.svd(Native.raw(this));
            return new Svd(
                    Native.takeCopy(result.get0()), Native.takeCopy(result.get1()), Native.takeCopy(result.get2()));
        });
    }

    /**
     * A singular value decomposition.
     *
     * @param u left vectors {@code [..., n, k]}
     * @param s singular values {@code [..., k]}, falling
     * @param v right vectors {@code [..., m, k]}
     */
    record Svd(Tensor u, Tensor s, Tensor v) {}

    private void square(String op) {
        Shape shape = ((Tensor) this).shape();
        if (shape.dim() < 2 || shape.size(-1) != shape.size(-2)) {
            throw new ShapeException(op + ": expected square matrices [..., n, n], received " + shape
                    + ". Maybe multiply by the transpose first.");
        }
    }
}
