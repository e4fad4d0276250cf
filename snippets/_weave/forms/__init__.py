"""What an author can write on a page: one file for each form, and this list of them.

A new form is a file with a subclass of `Form`, and a line in FORMS.
"""

from .cells import CellsForm
from .check import Check
from .exercise import Exercise
from .fence import Fence, Named
from .figure import Figure
from .form import Form
from .reason import Reason
from .table import Table
from .value import Value

# In this order they are tried where several could begin at the same place.
FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        Fence(),
        Figure(),
        Table(),
        Value(),
        Check(),
        Reason(),
        Exercise(),
        Named(),
        CellsForm(),
    )
}
