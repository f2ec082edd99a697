"""After a refusal or a dropped column nothing of a person's is alive in the process, and the walk that says so sees."""

from __future__ import annotations

import pytest
from bad_input import identity_number
from no_identity_left import left_alone

NUMBER = identity_number(13, 4, 71)

HIDDEN = {
    "a list": "kept['x'] = [number]",
    "a number": "kept['x'] = int(number)",
    "bytes": "kept['x'] = number.encode()",
    "bytes of two a sign": "kept['x'] = number.encode('utf-16')",
    "a writable buffer": "kept['x'] = bytearray(number.encode())",
    "a view of a buffer": "kept['x'] = memoryview(number.encode())[2:3]",
    "a file in memory": "import io; kept['x'] = io.StringIO('a;b;' + number)",
    "an array of objects": "import numpy as np; kept['x'] = np.array(['a', number], dtype=object)",
    "an array of text": "import numpy as np; kept['x'] = np.array(['a', number])",
    "a view of an array": "import numpy as np; kept['x'] = np.array([1, int(number)])[:1]",
    "an array of floats": "import numpy as np; kept['x'] = np.array([0.5, float(number)])",
    "a frame": "import pandas as pd; kept['x'] = pd.DataFrame({'a': [number]})",
    "an index": "import pandas as pd; kept['x'] = pd.Series([1], index=[number])",
    "categories": "import pandas as pd; kept['x'] = pd.Series([number, 'b'], dtype='category')[1:]",
    "attributes": "import pandas as pd; kept['x'] = pd.DataFrame({'a': [1]}); kept['x'].attrs['y'] = number",
    "a closure": "kept['x'] = (lambda held: lambda: held)(number)",
    "a longer text": "kept['x'] = 'ref' + number + 'z'",
    "the locals of a traceback": "\ndef deep(held):\n    raise ValueError\nstopped(lambda: deep(args[0][::-1]))",
}


@pytest.mark.parametrize("how", HIDDEN)
def test_the_walk_finds_a_number_kept_in(how: str) -> None:
    lines = f"number = args[0][::-1]\n{HIDDEN[how]}\nnumber = None\nwalk()"
    walks, _ = left_alone(lines, NUMBER[::-1], planted=[NUMBER])
    assert walks[-1], "the walk is blind to this"


def test_the_walk_finds_nothing_where_nothing_is_kept() -> None:
    lines = "import pandas as pd, duckdb, openpyxl\nnumber = args[0][::-1]\nlen(number)\ndel number\nwalk()"
    walks, _ = left_alone(lines, NUMBER[::-1], planted=[NUMBER])
    assert walks == [[]]
