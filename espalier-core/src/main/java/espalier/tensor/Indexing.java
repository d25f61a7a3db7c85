package espalier.tensor;

import espalier.format.DType;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.EllipsisIndexType;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Slice;
import org.bytedeco.pytorch.TensorIndex;
import org.bytedeco.pytorch.TensorIndexVector;
import org.bytedeco.pytorch.TensorOptionalList;
import org.jspecify.annotations.Nullable;

/** Reading and writing parts of a tensor. Slices and single positions are views that share memory. */
interface Indexing {
    /**
     * The part that an index expression names, as in {@code x[...]} of PyTorch; dimensions not named are taken whole.
     *
     * @throws ShapeException when there are more parts than dimensions, or a position does not exist
     */
    default Tensor get(Index... parts) {
        var place = place("get", parts);
        return place.all() ? place.x() : advanced(place.x(), place.tensors());
    }

    /** The view that slices and single positions give, and the tensors of positions that still apply to it. */
    record Place(Tensor x, List<@Nullable Tensor> tensors) {
        boolean all() {
            return tensors.stream().allMatch(java.util.Objects::isNull);
        }
    }

    private Place place(String op, Index... parts) {
        Tensor result = (Tensor) this;
        var tensors = new ArrayList<@Nullable Tensor>();
        int dim = 0;
        for (Index part : parts) {
            if (part.kind != Index.Kind.NEW_AXIS && dim >= result.dim()) {
                throw new ShapeException(op + ": " + parts.length + " index parts are too many for shape "
                        + ((Tensor) this).shape() + ". Maybe the batch dimension is missing: unsqueeze(0).");
            }
            switch (part.kind) {
                case AT -> result = result.select(dim, part.start);
                case NEW_AXIS -> {
                    result = result.unsqueeze(dim++);
                    tensors.add(null);
                }
                case SLICE -> {
                    result = result.slice(dim++, part.start, part.end, part.step);
                    tensors.add(null);
                }
                case TENSOR -> {
                    var positions = java.util.Objects.requireNonNull(part.tensor);
                    tensors.add(positions);
                    dim += positions.dtype() == DType.BOOL ? positions.dim() : 1;
                }
            }
        }
        return new Place(result, tensors);
    }

    private static Tensor advanced(Tensor x, Iterable<@Nullable Tensor> tensors) {
        return Native.call("get", () -> x.raw().index(vector(tensors)));
    }

    private static TensorIndexVector vector(Iterable<@Nullable Tensor> tensors) {
        var indices = new TensorIndexVector();
        for (Tensor tensor : tensors) {
            indices.push_back(tensor == null ? new TensorIndex(new Slice()) : new TensorIndex(tensor.raw()));
        }
        indices.push_back(new TensorIndex(new EllipsisIndexType()));
        return indices;
    }

    /**
     * Copies {@code value}, with broadcasting, into the part that the expression names, as {@code x[...] = value};
     * returns this tensor. Where tensors of positions name one place twice, either value stays.
     */
    default Tensor set_(Tensor value, Index... parts) {
        var place = place("set_", parts);
        if (place.all()) {
            place.x().copy_(value);
        } else {
            Native.run("set_", () -> place.x().raw().index_put_(vector(place.tensors()), value.raw()));
        }
        return (Tensor) this;
    }

    /** Sets every element of the part that the expression names to {@code value}; returns this tensor. */
    default Tensor set_(double value, Index... parts) {
        var self = (Tensor) this;
        return set_(Tensor.scalar(value).to(self.dtype()).to(self.device()), parts);
    }

    /**
     * Writes {@code values} to the positions that the tensors name, one for each leading dimension, as
     * {@code index_put_}; returns this tensor. With {@code accumulate} values are added, and equal positions add up.
     */
    default Tensor indexPut_(List<Tensor> positions, Tensor values, boolean accumulate) {
        if (positions.size() > ((Tensor) this).dim()) {
            throw new ShapeException("indexPut_: " + positions.size() + " tensors of positions are too many for shape "
                    + ((Tensor) this).shape() + ". Maybe give one for each leading dimension.");
        }
        var list = positions.stream().map(Index::of).toList();
        return Native.inPlace("indexPut_", (Tensor) this, () -> {
            var indices = new TensorOptionalList();
            list.forEach(index -> indices.push_back(Native.optional(index.tensor)));
            Native.raw(this).index_put_(indices, values.raw(), accumulate);
        });
    }

    /** One position of a dimension, which goes away; a view. */
    default Tensor select(int dim, long position) {
        int axis = Operands.axis("select", this, dim);
        long size = ((Tensor) this).size(axis);
        if (position < -size || position >= size) {
            throw new ShapeException("select: position " + position + " does not exist at dimension " + axis
                    + " of shape " + ((Tensor) this).shape() + ". Maybe it counts from 1: the last is " + (size - 1)
                    + ", or -1.");
        }
        return Native.call("select", () -> Native.raw(this).select(axis, position), axis, position);
    }

    /** Positions from {@code start} to before {@code end} in steps; a view. Out-of-range ends are cut, as in Python. */
    default Tensor slice(int dim, long start, long end, long step) {
        int axis = Operands.axis("slice", this, dim);
        return Native.call(
                "slice",
                () -> Native.raw(this).slice(axis, new LongOptional(start), new LongOptional(end), step),
                axis,
                start,
                end,
                step);
    }

    /** {@code length} positions from {@code start}; a view. @throws ShapeException when they do not all exist */
    default Tensor narrow(int dim, long start, long length) {
        int axis = Operands.axis("narrow", this, dim);
        long size = ((Tensor) this).size(axis);
        if (start < 0 || length < 0 || start + length > size) {
            throw new ShapeException("narrow: positions " + start + " to " + (start + length) + " do not all exist at"
                    + " dimension " + axis + " of shape " + ((Tensor) this).shape()
                    + ". Maybe use slice, which cuts at the end.");
        }
        return Native.call("narrow", () -> Native.raw(this).narrow(axis, start, length), axis, start, length);
    }

    /** The given positions (int64, one dimension) of a dimension, copied. */
    default Tensor indexSelect(int dim, Tensor positions) {
        int axis = Operands.axis("indexSelect", this, dim);
        Operands.indices("indexSelect", positions);
        return Native.call("indexSelect", () -> Native.raw(this).index_select(axis, positions.raw()), axis);
    }

    /** For each element of {@code positions} (int64, same number of dimensions), the value there along {@code dim}. */
    default Tensor gather(int dim, Tensor positions) {
        int axis = Operands.axis("gather", this, dim);
        Operands.indices("gather", positions);
        return Native.call("gather", () -> Native.raw(this).gather(axis, positions.raw()), axis);
    }

    /** Writes {@code source} to {@code positions} along {@code dim}; the inverse of gather. */
    default Tensor scatter_(int dim, Tensor positions, Tensor source) {
        int axis = Operands.axis("scatter_", this, dim);
        Operands.indices("scatter_", positions);
        return Native.inPlace(
                "scatter_", (Tensor) this, () -> Native.raw(this).scatter_(axis, positions.raw(), source.raw()));
    }

    /** Adds {@code source} at {@code positions} along {@code dim}; equal positions add up. */
    default Tensor scatterAdd_(int dim, Tensor positions, Tensor source) {
        int axis = Operands.axis("scatterAdd_", this, dim);
        Operands.indices("scatterAdd_", positions);
        return Native.inPlace(
                "scatterAdd_", (Tensor) this, () -> Native.raw(this).scatter_add_(axis, positions.raw(), source.raw()));
    }

    /** A copy in which the elements where {@code mask} is true are {@code value}. */
    default Tensor maskedFill(Tensor mask, double value) {
        Operands.check("maskedFill", this, mask);
        return Native.call(
                "maskedFill", () -> Native.raw(this).masked_fill(mask.raw(), Native.scalar((Tensor) this, value)));
    }

    /** Adds the slices of {@code source} along {@code dim} to those at the given positions, which may repeat. */
    default Tensor indexAdd(int dim, Tensor positions, Tensor source) {
        int axis = Operands.axis("indexAdd", this, dim);
        Operands.indices("indexAdd", positions);
        return Native.call("indexAdd", () -> Native.raw(this).index_add((long) axis, positions.raw(), source.raw()));
    }

    /** The elements at positions of the flattened tensor, in the positions' shape. */
    default Tensor take(Tensor positions) {
        Operands.indices("take", positions);
        return Native.call("take", () -> Native.raw(this).take(positions.raw()));
    }

    /** The elements where {@code mask} is true, in one dimension. */
    default Tensor maskedSelect(Tensor mask) {
        Operands.check("maskedSelect", this, mask);
        return Native.call("maskedSelect", () -> Native.raw(this).masked_select(mask.raw()));
    }

    /** The positions of all elements that are not 0: {@code [count, dims]}, int64. */
    default Tensor nonzero() {
        return Native.call("nonzero", () -> Native.raw(this).nonzero());
    }
}
