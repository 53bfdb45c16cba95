"""Where the functions of the stages run: in this process, or in the Python workers of a Spark.

A stage splits its work into arguments, `map` gives each to one function, and the driver alone
commits. Spark spreads the arguments over its machines; no row of a document goes through the JVM,
since the functions read the Parquet files that the log lists, and write Parquet, by themselves.
Spark then needs no jar beside its own, and reads what `pyarrow` and DuckDB read.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from fanal.errors import ConfigError, StorageError

A = TypeVar("A")

# As Spark reads them; what it reaches through Kubernetes or YARN is for it to say.
MASTER = re.compile(r"local(\[(\d+|\*)(,\d+)?\])?|spark://\S+:\d+.*|yarn|k8s://\S+")
LOG = "spark.log"


class Engine(Protocol):
    """Gives each argument to a function that returns a table."""

    @property
    def parts(self) -> int:
        """Return into how many arguments work may be split; 1: not at all."""

    def map(
        self, function: Callable[[A], pa.Table], arguments: Iterable[A], schema: pa.Schema
    ) -> Iterator[pa.Table]:
        """Yield what the function returns, in the order of the arguments."""


class Here:
    """This process, one argument after the other."""

    parts = 1

    def map(
        self, function: Callable[[A], pa.Table], arguments: Iterable[A], schema: pa.Schema
    ) -> Iterator[pa.Table]:
        """Yield what the function returns, in the order of the arguments."""
        for argument in arguments:
            yield function(argument).cast(schema)


class Spark:
    """A Spark session: `local[2]` on this machine, or a cluster that sees the same files.

    Raises:
        ConfigError: `pyspark` or Java is not here, or the master is none or does not answer.
    """

    def __init__(self, master: str, logs: Path) -> None:
        if not MASTER.fullmatch(master):
            raise ConfigError(
                f"no Spark master {master!r}",
                where="--master",
                allowed="local[2], local[*], spark://host:7077, yarn, k8s://host:port",
            )
        java = Path(os.environ.get("JAVA_HOME", ""), "bin", "java")
        if not (os.environ.get("JAVA_HOME") and java.is_file()) and not shutil.which("java"):
            raise ConfigError("no Java here", do="install a JRE of version 17 or later")
        try:
            import pyspark
        except ImportError:
            raise ConfigError("no pyspark here", do="pip install 'fanal[spark]'") from None
        self.version = pyspark.__version__
        self.master = master
        logs.mkdir(parents=True, exist_ok=True)
        self.log = logs / LOG
        with contextlib.ExitStack() as opened:
            self.scratch = opened.enter_context(tempfile.TemporaryDirectory(prefix="fanal-spark-"))
            self._session = self._start(opened)
            self._opened = opened.pop_all()

    def _start(self, opened: contextlib.ExitStack) -> Any:
        """Start the JVM with its noise in the log, and a session in it."""
        from pyspark import SparkConf, SparkContext
        from pyspark.java_gateway import launch_gateway
        from pyspark.sql import SparkSession

        conf = SparkConf(loadDefaults=False).setMaster(self.master).setAppName("fanal")
        conf.setAll(list(self._settings().items()))
        log = opened.enter_context(self.log.open("wb"))
        before = os.environ.get("PYSPARK_PYTHON")
        os.environ["PYSPARK_PYTHON"] = before or sys.executable
        try:
            launch: Any = launch_gateway
            gateway = launch(conf, {"stdout": log, "stderr": log})
            opened.callback(self._end, gateway)
            context = SparkContext(conf=conf, gateway=gateway)
        except Exception as error:  # noqa: BLE001 - of Java or of the gateway, many kinds
            raise ConfigError(
                f"Spark does not start ({type(error).__name__})", where=self.master,
                do=f"see {self.log}",
            ) from None  # fmt: skip
        finally:
            if before is None:
                del os.environ["PYSPARK_PYTHON"]
        opened.callback(context.stop)
        context.setLogLevel("ERROR")
        return SparkSession(context)

    def _settings(self) -> dict[str, str]:
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.warehouse.dir": self.scratch,
            "spark.driver.maxResultSize": "0",  # results are points and names of files
            # The workers find this very package, installed or not.
            "spark.executorEnv.PYTHONPATH": os.pathsep.join(
                filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")])
            ),
        }
        if self.master.startswith("local"):
            settings |= {"spark.local.dir": self.scratch, "spark.driver.bindAddress": "127.0.0.1",
                         "spark.driver.host": "127.0.0.1"}  # fmt: skip
        return settings

    def _end(self, gateway: Any) -> None:
        """End the JVM, and let the next session start one."""
        from pyspark import SparkContext

        gateway.shutdown()
        gateway.proc.stdin.close()  # its sign to leave
        gateway.proc.wait(60)
        SparkContext._gateway = SparkContext._jvm = None

    def __enter__(self) -> Spark:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @property
    def parts(self) -> int:
        """Return four for each core, so that a long one does not hold up the rest."""
        return 4 * int(self._session.sparkContext.defaultParallelism)

    def map(
        self, function: Callable[[A], pa.Table], arguments: Iterable[A], schema: pa.Schema
    ) -> Iterator[pa.Table]:
        """Yield what the function returns, in the order of the arguments.

        Raises:
            StorageError: a worker failed as often as Spark tries.
        """
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql.pandas.types import from_arrow_schema

        def each(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                for packed in batch.column("argument"):
                    argument = pickle.loads(pa.decompress(  # noqa: S301 - packed below
                        packed.as_buffer()[8:], int.from_bytes(packed.as_py()[:8]), "zstd"
                    ))  # fmt: skip
                    yield from function(argument).cast(plain).to_batches()

        packed = [_packed(argument) for argument in arguments]
        if not packed:
            return
        plain = pa.schema([(field.name, field.type) for field in schema])
        numbers = pa.array(range(len(packed)), pa.int32())
        table = pa.table({"number": numbers, "argument": pa.array(packed, pa.binary())})
        frame = self._session.createDataFrame(table)
        spread = frame.repartitionById(len(packed), frame["number"])
        try:
            found = spread.mapInArrow(each, from_arrow_schema(plain)).toArrow()
        except (PySparkException, Py4JError) as error:
            raise StorageError(
                f"a worker of Spark failed ({type(error).__name__})", where=self.master,
                do=f"see {self.log}; what was committed stays, run the command again",
            ) from None  # fmt: skip
        yield found.cast(schema)


def _packed(argument: object) -> bytes:
    plain = pickle.dumps(argument, pickle.HIGHEST_PROTOCOL)
    return len(plain).to_bytes(8) + bytes(pa.compress(plain, "zstd", asbytes=True))
